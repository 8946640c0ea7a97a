"""A probe for tests of the sandbox: as `calling`, and one that no answer may look into."""

import calling

HIDDEN, observe = True, calling.observe
