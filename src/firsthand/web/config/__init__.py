"""How the website is put together: settings, addresses, and how it starts."""
