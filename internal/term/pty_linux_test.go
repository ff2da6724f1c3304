package term

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pty is a pseudo-terminal with somebody in front of it who types and reads the screen.
type pty struct {
	*testing.T
	master, slave *os.File

	mu     sync.Mutex
	screen screen
	change chan struct{}
}

func newPty(t *testing.T, width, height int) *pty {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &pty{T: t, master: os.NewFile(uintptr(fd), "ptmx"), slave: slave, change: make(chan struct{}, 1)}
	p.resize(width, height)
	go p.watch()
	t.Cleanup(func() { _ = p.slave.Close(); _ = p.master.Close() })
	return p
}

func (p *pty) control(do func(fd int) error) {
	p.Helper()
	conn, err := p.slave.SyscallConn()
	if err != nil {
		p.Fatal(err)
	}
	if err2 := conn.Control(func(fd uintptr) { err = do(int(fd)) }); err != nil || err2 != nil {
		p.Fatal(err, err2)
	}
}

func (p *pty) resize(width, height int) {
	p.Helper()
	p.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(height), Col: uint16(width)})
	})
}

func (p *pty) modes() (modes unix.Termios) {
	p.Helper()
	p.control(func(fd int) error {
		got, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err == nil {
			modes = *got
		}
		return err
	})
	return modes
}

func (p *pty) watch() {
	b := make([]byte, 4096)
	for {
		n, err := p.master.Read(b)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.screen.show(b[:n])
		p.mu.Unlock()
		select {
		case p.change <- struct{}{}:
		default:
		}
	}
}

func (p *pty) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()
}

// see waits until the whole screen is want.
func (p *pty) see(want string) {
	p.Helper()
	p.until("the screen\n"+want, func(text string) bool { return text == want })
}

// seePart waits until the screen holds part.
func (p *pty) seePart(part string) {
	p.Helper()
	p.until(part, func(text string) bool { return strings.Contains(text, part) })
}

func (p *pty) until(want string, ok func(string) bool) {
	p.Helper()
	late := time.After(5 * time.Second)
	for !ok(p.text()) {
		select {
		case <-p.change:
		case <-late:
			p.Fatalf("want %s\ngot the screen\n%s", want, p.text())
		}
	}
}

func (p *pty) press(keys string) {
	p.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.Fatal(err)
	}
}

// screen interprets the few sequences that the package sends; it does not scroll or wrap.
type screen struct {
	lines    [][]rune
	row, col int
	rest     string
}

func (s *screen) show(b []byte) {
	text := s.rest + string(b)
	s.rest = ""
	for i := 0; i < len(text); {
		if text[i] == 0x1b {
			stop := strings.IndexAny(text[i:], "ABCDHJKmh")
			if stop < 0 {
				s.rest = text[i:]
				return
			}
			s.sequence(text[i+2 : i+stop+1])
			i += stop + 1
			continue
		}
		r := []rune(text[i:min(len(text), i+4)])[0]
		if r == 0xfffd {
			s.rest = text[i:]
			return
		}
		s.put(r)
		i += len(string(r))
	}
}

func (s *screen) sequence(seq string) {
	n := 1
	_, _ = fmt.Sscanf(seq, "%d", &n)
	s.grow()
	switch seq[len(seq)-1] {
	case 'A':
		s.row = max(0, s.row-n)
	case 'C':
		s.col += n
	case 'J':
		s.lines = s.lines[:s.row+1]
		s.lines[s.row] = s.lines[s.row][:min(s.col, len(s.lines[s.row]))]
	case 'm':
		if n == 7 {
			s.put('[')
		} else {
			s.put(']')
		}
	}
}

func (s *screen) put(r rune) {
	s.grow()
	switch r {
	case '\r':
		s.col = 0
	case '\n':
		s.row++
	case '\b':
		s.col = max(0, s.col-1)
	default:
		for len(s.lines[s.row]) <= s.col {
			s.lines[s.row] = append(s.lines[s.row], ' ')
		}
		s.lines[s.row][s.col] = r
		s.col++
	}
}

func (s *screen) grow() {
	for len(s.lines) <= s.row {
		s.lines = append(s.lines, nil)
	}
}

func (s *screen) String() string {
	var lines []string
	for _, line := range s.lines {
		lines = append(lines, strings.TrimRight(string(line), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
