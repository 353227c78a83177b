//! Faults with JSON pointers: the collector, and the pointer of the place where a parser gave up.

use std::fmt::Display;

use kendt_solver::problem::Fault;

use crate::ReadError;

/// Faults that are listed; a hostile file could otherwise make a list far larger than itself.
const MOST_LISTED: usize = 1000;

/// Every fault found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) found: Vec<Fault>,
}

impl Faults {
    pub(super) fn add(&mut self, at: impl Into<String>, what: impl Into<String>) {
        match self.found.len() {
            ..MOST_LISTED => self.found.push(Fault { at: at.into(), what: what.into() }),
            MOST_LISTED => self.found.push(Fault { at: "/".to_owned(), what: "has more faults than these".to_owned() }),
            _ => {}
        }
    }

    /// The value, if there are no faults.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, ReadError> {
        if self.found.is_empty() { Ok(value) } else { Err(ReadError { faults: self.found }) }
    }

    /// An unknown id.
    pub(super) fn unknown(&mut self, at: impl Into<String>, kind: &str, id: impl Display) {
        self.add(at, format!("there is no {kind} `{id}`"));
    }
}

/// Parses JSON into `T`; a shape that does not fit becomes one fault with the pointer of the value the parser stopped at.
pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|error| {
        let pointer = locate(text, error.line(), error.column());
        ReadError::one(if pointer.is_empty() { "/".to_owned() } else { pointer }, error.to_string())
    })
}

/// One open bracket: an array with the index of the current item, or an object with the current key.
enum Level {
    Item(usize),
    Key(Option<String>),
}

/// The pointer of the value that ends at, or contains, a line and column (both from 1, as parsers count).
fn locate(text: &str, line: usize, column: usize) -> String {
    let end: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>() + column;
    let bytes = text.as_bytes();
    let mut open: Vec<Level> = Vec::new();
    let mut at = 0;
    while at < bytes.len().min(end.saturating_sub(1)) {
        match bytes[at] {
            b'[' => open.push(Level::Item(0)),
            b'{' => open.push(Level::Key(None)),
            b']' | b'}' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Level::Item(index)) => *index += 1,
                Some(Level::Key(key)) => *key = None,
                None => {}
            },
            b'"' => {
                let close = string_end(bytes, at);
                if let Some(Level::Key(key @ None)) = open.last_mut() {
                    *key = text.get(at + 1..close).map(str::to_owned);
                }
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    open.iter().filter_map(step).collect()
}

fn step(level: &Level) -> Option<String> {
    match level {
        Level::Item(index) => Some(format!("/{index}")),
        Level::Key(key) => key.as_ref().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
    }
}

/// The position of the quote that closes the string opened at `open`, or the end of the text.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_type_is_found_at_its_pointer() {
        #[derive(serde::Deserialize, Debug)]
        struct Doc {
            #[allow(dead_code, reason = "only its parsing is of interest")]
            list: Vec<std::collections::BTreeMap<String, i64>>,
        }
        let error = parse::<Doc>("{\"list\": [{\"a\": 1},\n {\"a\": 1, \"b\": \"x,]\"}]}").unwrap_err();
        assert_eq!(error.faults[0].at, "/list/1/b");
    }

    #[test]
    fn no_text_makes_the_pointer_panic() {
        for text in ["", "[", "{\"a", "\"\\", "]]", "{\"é\":[1,", "\u{feff}{}"] {
            for line in 0..3 {
                for column in 0..12 {
                    let _ = locate(text, line, column);
                }
            }
        }
    }
}
