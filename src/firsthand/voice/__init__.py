"""What customers say in their own words: comments in, judgements out, each with the words that it rests on."""
