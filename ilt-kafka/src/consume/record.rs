//! A record as it came.

use jiff::Timestamp;
use rdkafka::Message as _;
use rdkafka::message::{BorrowedMessage, Header, Headers as _, OwnedHeaders};

/// A record as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its topic.
    pub topic: String,
    /// Its partition.
    pub partition: i32,
    /// Its place there.
    pub offset: i64,
    /// When it was given to Kafka, as Kafka says.
    pub at: Option<Timestamp>,
    /// What keeps it in order.
    pub key: Option<Vec<u8>>,
    /// What it says.
    pub value: Option<Vec<u8>>,
    /// What stands beside it, in order.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
}

impl Record {
    /// The value, when it is text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.value.as_deref()?).ok()
    }

    /// A header by its name, when it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(key, _)| key == name)?;
        std::str::from_utf8(value.as_deref()?).ok()
    }

    /// The headers whose names are to be kept.
    pub(crate) fn headers_that(&self, is_kept: impl Fn(&str) -> bool) -> OwnedHeaders {
        let kept = self.headers.iter().filter(|(key, _)| is_kept(key));
        kept.fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(Header { key, value: value.as_deref() })
        })
    }

    /// Bytes it takes in memory, about.
    pub(crate) fn size(&self) -> usize {
        let length = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
        let headers = self.headers.iter().map(|(key, value)| key.len() + length(value) + 48);
        length(&self.key) + length(&self.value) + headers.sum::<usize>() + 128
    }
}

impl From<&BorrowedMessage<'_>> for Record {
    fn from(message: &BorrowedMessage<'_>) -> Self {
        let owned = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
        let at = message.timestamp().to_millis().and_then(|at| Timestamp::from_millisecond(at).ok());
        let headers = message.headers().map_or_else(Vec::new, |headers| {
            headers.iter().map(|it| (it.key.to_owned(), owned(it.value))).collect()
        });
        Self {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
            at,
            key: owned(message.key()),
            value: owned(message.payload()),
            headers,
        }
    }
}
