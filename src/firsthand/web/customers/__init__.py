"""One customer at a time: finding, one life over all channels, who is who, consent, and a person's rights."""
