"""Speech: emissions of acoustic models, the audio they come from, and their training."""
