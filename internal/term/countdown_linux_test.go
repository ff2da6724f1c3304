package term

import (
	"testing"
	"time"
)

func TestCountdown(t *testing.T) {
	t.Parallel()
	p := newPty(t, 80, 24)
	tty := New(p.slave, p.slave)
	done := tty.Countdown(90 * time.Second)
	p.seePart("1m30s left, Ctrl-C gives up")
	p.seePart("1m29s left, Ctrl-C gives up")
	tty.write("a message\r\n")
	done()
	p.seePart("a message")

	tty.Dumb = true
	tty.Countdown(time.Minute)()
}
