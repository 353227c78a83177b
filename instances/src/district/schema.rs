//! The JSON schema of the document.

use super::District;

/// The JSON schema of a district document, the same text as the committed `district.schema.json`.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(District).to_value()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schema_is_the_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/district.schema.json");
        let text = serde_json::to_string_pretty(&super::schema()).unwrap() + "\n";
        if std::env::var_os("KENDT_BLESS").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == text, "the document has changed: write its schema with KENDT_BLESS=1 cargo test the_committed_schema_is_the_code");
    }
}
