package tape

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first used: nothing of the program runs before main.
type pattern struct {
	source   string
	once     sync.Once
	compiled *regexp.Regexp
}

func (p *pattern) re() *regexp.Regexp {
	p.once.Do(func() { p.compiled = regexp.MustCompile(p.source) })
	return p.compiled
}
