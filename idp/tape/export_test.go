package tape

// Scrub is scrub, for tests that need the adapters.
func Scrub(raw *Tape) (*Tape, error) { return scrub(raw) }
