package term

import (
	"fmt"
	"sync"
	"time"
)

// Countdown shows what is left of a time, in one line that is renewed every second, until done is called, which clears
// the line. The cursor rests at the line's begin, so that a message of somebody else takes its place.
// A dumb terminal shows nothing.
func (t *Terminal) Countdown(left time.Duration) (done func()) {
	if t.Dumb {
		return func() {}
	}
	var shown sync.WaitGroup
	over := make(chan struct{})
	shown.Go(func() {
		second := time.NewTicker(time.Second)
		defer second.Stop()
		for ; ; left -= time.Second {
			t.write(fmt.Sprintf("\r\x1b[K%s left, Ctrl-C gives up\r", max(left, 0).Round(time.Second)))
			select {
			case <-second.C:
			case <-over:
				t.write("\r\x1b[K")
				return
			}
		}
	})
	return func() {
		close(over)
		shown.Wait()
	}
}
