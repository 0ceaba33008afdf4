source (status dirname)/datasel.fish
