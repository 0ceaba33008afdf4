"""What a word is: the one tokenisation policy, safe for Indic scripts."""
