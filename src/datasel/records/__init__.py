"""Bytes to records and back: inputs, blocks, outputs, model files, seeds, signatures."""
