//! What a record store says of a refusal, without anybody's name or address.

use serde_json::Value;

/// Characters that are kept.
const LONGEST: usize = 300;
/// Members of an answer that are meant for people, or say where something is wrong.
const SAYING: [&str; 13] = [
    "detail",
    "details",
    "description",
    "error",
    "errors",
    "field",
    "loc",
    "message",
    "messages",
    "msg",
    "path",
    "reason",
    "warnings",
];
/// Words shorter than this are nobody's name alone.
const SHORTEST: usize = 3;

/// The words of an answer to a statement; none of a page.
pub fn said(answer: &[u8], statement: &str) -> String {
    let text = String::from_utf8_lossy(answer);
    let said = match serde_json::from_str::<Value>(&text) {
        Ok(answer) => {
            let mut said = Vec::new();
            gather(&answer, true, &mut said);
            said.join(" ")
        }
        Err(_) if text.trim_start().starts_with('<') => String::new(),
        Err(_) => text.into_owned(),
    };
    let mut personal = Vec::new();
    if let Ok(statement) = serde_json::from_str::<Value>(statement) {
        let people = ["/actor", "/object", "/context/instructor"].map(|place| statement.pointer(place));
        people.into_iter().flatten().for_each(|it| personal_texts(it, &mut personal));
    }
    // What contains another goes first.
    personal.sort_by_key(|it| std::cmp::Reverse(it.len()));
    let without = personal.iter().fold(said, |said, it| said.replace(it.as_str(), "…"));
    let words = without.split_whitespace().map(|it| if it.contains('@') { "…" } else { it });
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

fn gather(answer: &Value, is_said: bool, said: &mut Vec<String>) {
    match answer {
        Value::String(text) if is_said => said.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|it| gather(it, is_said, said)),
        Value::Object(members) => {
            for (name, it) in members {
                gather(it, SAYING.contains(&name.to_lowercase().as_str()), said);
            }
        }
        _ => {}
    }
}

/// Everything of somebody that tells who it is: the name, each word of it, every identifier.
fn personal_texts(agent: &Value, personal: &mut Vec<String>) {
    let name = agent["name"].as_str().into_iter();
    let words = name.flat_map(|it| std::iter::once(it).chain(it.split_whitespace()));
    let identifiers = [&agent["mbox"], &agent["mbox_sha1sum"], &agent["openid"], &agent["account"]["name"]];
    let identifiers = identifiers.into_iter().filter_map(Value::as_str);
    let bare = identifiers.map(|it| it.strip_prefix("mailto:").unwrap_or(it));
    personal.extend(words.chain(bare).filter(|it| it.chars().count() >= SHORTEST).map(str::to_owned));
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::a_list(
        r#"{"detail": [{"loc": ["body", 0, "actor", "mbox"], "msg": "no mail address", "input": {"name": "Ada"}}]}"#,
        "body actor mbox no mail address"
    )]
    #[case::with_what_it_got(
        r#"{"errorId": "7", "warnings": ["Problem in 'actor.mbox'. Received 'mailto:ada@a.example' of Ada Lovelace"]}"#,
        "Problem in 'actor.mbox'. Received 'mailto:…' of …"
    )]
    #[case::half_a_name(
        r#"{"message": "nobody is called Lovelace, not even x@y.example"}"#,
        "nobody is called …, not even …"
    )]
    #[case::plain("Internal Server Error\n", "Internal Server Error")]
    #[case::a_page("<html>Bad gateway</html>", "")]
    #[case::nothing("", "")]
    fn what_is_kept_of_an_answer(#[case] answer: &str, #[case] kept: &str) {
        let statement = json!({"actor": {"name": "Ada Lovelace", "mbox": "mailto:ada@a.example"}});
        assert_eq!(said(answer.as_bytes(), &statement.to_string()), kept);
    }

    #[test]
    fn long_answers_are_cut() {
        assert_eq!(said("ü".repeat(1_000).as_bytes(), "{}").chars().count(), LONGEST);
    }
}
