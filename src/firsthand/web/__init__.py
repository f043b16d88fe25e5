"""The website: what the record, people, paths and voice know, for those who run touchpoints."""
