"""Python source that runs *inside* the sandbox: the program functions and shims for missing modules.

These files are ordinary modules for readers, linters and ``inspect``, but they are never called here: the
sandbox gets their text (see ``api.prelude``). So they use only what the sandbox's Python offers.
"""
