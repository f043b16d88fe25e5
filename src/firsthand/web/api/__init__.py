"""The read API: every figure that a page shows, for other programs, by tokens that have their user's rights."""
