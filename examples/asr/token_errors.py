"""Token error rate of the best path, of emissions against the text that was said: LEXICON, then files of records."""

import sys

import msgspec
import numpy as np
from rapidfuzz.distance import Levenshtein

from datasel.speech import emissions
from datasel.speech.fitting import collapsed
from datasel.speech.targets import read_lexicon

lexicon = read_lexicon(sys.argv[1])
for path in sys.argv[2:]:
    wrong = count = utterances = 0
    for line in open(path, "rb"):
        record = msgspec.json.decode(line)
        found = emissions.load(record["emissions"], path)
        path_of = collapsed(found.log_probs.astype(np.float32), found.blank, found.silence)
        said = [token for word in record["text"].split() for token in lexicon[word]]
        wrong += Levenshtein.distance(said, [found.tokens[token] for token in path_of])
        count += len(said)
        utterances += 1
    print(f"{path}: {wrong / count:.4f} ({wrong:,} of {count:,} tokens, {utterances} utterances)")
