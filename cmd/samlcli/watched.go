package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
)

// watched is a walk as it is shown: its requests, and what was made of each answer.
type watched struct {
	moves                 []*move
	response, destination string // that it ended with
}

// A move is one request and what came of it.
type move struct {
	Method string   `json:"method"`
	Host   string   `json:"host"`
	Path   string   `json:"path"`
	Status int      `json:"status"` // 0: there was no answer
	Steps  []string `json:"steps"`  // that the page was for
	Asked  []string `json:"asked"`
	Told   []string `json:"told"`
}

func (w *watched) last() *move {
	if len(w.moves) == 0 {
		w.moves = append(w.moves, &move{})
	}
	return w.moves[len(w.moves)-1]
}

func (w *watched) step(name string, _ *web.Page) {
	w.last().Steps = append(w.last().Steps, name)
}

// requests listens to a transport.
func (w *watched) requests(next http.RoundTripper) http.RoundTripper {
	return listening(func(r *http.Request) (*http.Response, error) {
		m := &move{Method: r.Method, Host: web.Host(r.URL), Path: r.URL.EscapedPath(), Steps: []string{}, Asked: []string{}, Told: []string{}}
		resp, err := next.RoundTrip(r)
		if err == nil {
			m.Status = resp.StatusCode
		}
		w.moves = append(w.moves, m)
		return resp, err
	})
}

type listening func(*http.Request) (*http.Response, error)

func (l listening) RoundTrip(r *http.Request) (*http.Response, error) { return l(r) }

// questions listens to an asker.
func (w *watched) questions(asker idp.Asker) idp.Asker { return &overheard{asker, w} }

type overheard struct {
	idp.Asker
	watched *watched
}

func (o *overheard) Ask(ctx context.Context, q idp.Question) (string, error) {
	m := o.watched.last()
	m.Asked = append(m.Asked, string(q.Kind))
	return o.Asker.Ask(ctx, q)
}

func (o *overheard) Choose(ctx context.Context, c idp.Choice) (int, error) {
	m := o.watched.last()
	m.Asked = append(m.Asked, c.Title)
	return o.Asker.Choose(ctx, c)
}

func (o *overheard) Tell(ctx context.Context, message string) {
	m := o.watched.last()
	m.Told = append(m.Told, message)
	o.Asker.Tell(ctx, message)
}

// showWalk prints the walk, and where it ended.
func (s *settings) showWalk(recorded *tape.Tape, w *watched, ended error) error {
	if s.text("output") == "json" {
		return writeJSON(s.stdout, map[string]any{
			"source": recorded.Get("source"), "idp": recorded.Get("idp"), "url": recorded.Get("url"),
			"walk": append([]*move{}, w.moves...), "outcome": tape.Outcome(ended), "want": recorded.Get("want"),
		})
	}
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i, m := range w.moves {
		m.write(t, i == len(w.moves)-1 && ended != nil)
	}
	_ = t.Flush()                                                         // a strings.Builder takes everything
	text := regexp.MustCompile(` +\n`).ReplaceAllString(b.String(), "\n") // the table's last column may be empty
	if ended == nil {
		text += "signed in: a SAML response for " + plain.Text(w.destination) + "\n"
	}
	_, err := io.WriteString(s.stdout, plain.Text(recorded.Get("source"))+"\n"+text)
	return err
}

// write writes a line for the request, and one for every question and message.
func (m *move) write(t *tabwriter.Writer, stops bool) {
	status, then := fmt.Sprint(m.Status), ""
	if m.Status == 0 {
		status = "no answer"
	}
	if len(m.Steps) > 0 {
		then = "→ " + strings.Join(m.Steps, ", ")
	}
	if stops {
		then = strings.TrimSpace(then + "  → stops here")
	}
	fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", m.Method, plain.Text(m.Host+m.Path), status, plain.Text(then))
	for _, question := range m.Asked {
		fmt.Fprintf(t, "\t  asks: %s\t\t\n", plain.Text(question))
	}
	for _, message := range m.Told {
		fmt.Fprintf(t, "\t  says: %s\t\t\n", plain.Text(message))
	}
}
