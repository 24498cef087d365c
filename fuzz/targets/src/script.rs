//! Requests as text that people can read and bytes can disturb: an operation and who asks in the first line, then what is sent.

use std::sync::OnceLock;

use axum::http::{HeaderName, HeaderValue, Method, Request};

use crate::host::Host;
use crate::town;

/// An operation of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path, with names where ids are.
    pub path: String,
}

/// Who can ask; nobody is known by no other name.
const PEOPLE: [(&str, &str); 7] = [
    ("root", town::ROOT),
    ("ada", town::ADA),
    ("mia", town::MIA),
    ("dora", town::DORA),
    ("ines", town::INES),
    ("otto", town::OTTO),
    ("gone", town::GONE),
];

/// Every operation of the contract.
///
/// # Panics
/// When the contract is none.
pub fn operations() -> &'static [Operation] {
    static ALL: OnceLock<Vec<Operation>> = OnceLock::new();
    ALL.get_or_init(|| {
        let contract = serde_json::to_value(ilt_host::http::openapi()).expect("JSON");
        let paths = contract["paths"].as_object().expect("paths");
        let of_path = |(path, methods): (&String, &serde_json::Value)| {
            let methods = methods.as_object().expect("methods").keys();
            let methods = methods.filter_map(|word| word.to_uppercase().parse().ok());
            methods.map(|method| Operation { method, path: path.clone() }).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of_path).collect()
    })
}

/// The first line, and what comes after it.
pub fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    (&input[..end], input.get(end + 1..).unwrap_or_default())
}

/// A header: its name and its value.
type Header<'a> = (&'a [u8], &'a [u8]);

/// Lines `name: value` up to an empty one, and what comes after that.
pub fn headers(mut input: &[u8]) -> (Vec<Header<'_>>, &[u8]) {
    let mut found = Vec::new();
    while !input.is_empty() {
        let (line, rest) = first_line(input);
        input = rest;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        found.push((&line[..colon], line.get(colon + 1..).unwrap_or_default().trim_ascii()));
    }
    (found, input)
}

/// The operation and the person that a line names, as in `get /v1/sessions ada`. A line that names none still leads to one.
pub fn who_asks_what(line: &[u8]) -> (&'static Operation, Option<&'static str>) {
    let text = String::from_utf8_lossy(line);
    let mut words = text.split_whitespace();
    let method = words.next().unwrap_or_default().to_uppercase();
    let (path, name) = (words.next().unwrap_or_default(), words.next().unwrap_or("root"));
    let all = operations();
    let named = all.iter().find(|it| it.method.as_str() == method && it.path == path);
    let sum = line.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    let person = PEOPLE.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
    (named.unwrap_or(&all[sum % all.len()]), person)
}

impl Operation {
    /// Its path in the town, with `id` instead of its first name if that is given.
    pub fn address(&self, host: &Host, id: Option<&str>) -> String {
        let registration = host.registration.to_string();
        let mut given = id;
        let mut before = "";
        let mut address = String::new();
        for part in self.path.split('/').skip(1) {
            let known = match before {
                "people" => town::ADA,
                "courses" => town::BASICS,
                "locations" => town::COLOGNE,
                "registrations" => &registration,
                "blocks" => town::SECOND,
                _ => town::SESSION,
            };
            address.push('/');
            match part.split_once('}').filter(|_| part.starts_with('{')) {
                Some((_, after)) => address.extend([given.take().unwrap_or(known), after]),
                None => address.push_str(part),
            }
            before = part;
        }
        address
    }
}

/// A request of somebody; `None` when nothing that speaks HTTP could send it.
pub fn request(
    host: &Host,
    (method, address): (&Method, &str),
    person: Option<&str>,
    headers: &[(&[u8], &[u8])],
    body: Vec<u8>,
) -> Option<Request<Vec<u8>>> {
    let mut request = Request::builder().method(method).uri(address).body(body).ok()?;
    let map = request.headers_mut();
    map.insert("content-type", HeaderValue::from_static("application/json"));
    // Ids are counted: what is asked again must not be told from what was asked before by them.
    map.insert("x-request-id", HeaderValue::from_static("00000000-0000-7000-8000-0000000000ff"));
    if let Some(person) = person {
        let token = format!("Bearer {}", host.token(town::id(person)));
        map.insert("authorization", HeaderValue::from_str(&token).ok()?);
    }
    for (name, value) in headers {
        map.insert(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?);
    }
    Some(request)
}
