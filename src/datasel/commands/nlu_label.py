command=None
