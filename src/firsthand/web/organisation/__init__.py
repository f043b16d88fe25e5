"""Settings: people, teams, roles, privacy, the home itself, and who saw or changed what."""
