"""The course as pages: lessons, exercises and documents, for whoever has nothing installed."""
