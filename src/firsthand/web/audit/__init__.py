"""Who saw or changed what about which customer."""
