"""Two reports written for this project, and a small local server that shows them as the site family would."""
