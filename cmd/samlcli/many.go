package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/saml"
)

// many reports whether a login is for all roles that are asked for, and not for one of them: of patterns that a profile of the
// config has, or that are to become one section, one is meant.
func (s *settings) many() bool {
	if s.on("all") {
		return true
	}
	if s.text("aws-profile") != "" || s.profile != "" && !s.isSet("role") {
		return false
	}
	patterns := s.list("role")
	return len(patterns) > 1 || slices.ContainsFunc(patterns, func(p string) bool { return strings.ContainsAny(p, "*?") })
}

// partialError says that some roles of many have no credentials now. Its cause is the first one's.
type partialError struct {
	failed, of int
	err        error
}

func (e *partialError) Error() string {
	return fmt.Sprintf("%d of %d roles have no credentials", e.failed, e.of)
}
func (e *partialError) Unwrap() error { return e.err }

// loginMany signs in once and writes the credentials of many roles, each as soon as it is there.
func (s *settings) loginMany(ctx context.Context) error {
	exchange, err := s.exchange()
	if err != nil {
		return err
	}
	if err := s.checkOutput(); err != nil {
		return err
	}
	t, err := s.profileTemplate()
	if err != nil {
		return err
	}
	parallel, err := s.parallel()
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(10)) // each of many requests has the whole response in it
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(manyMemory))
	l := &responses{s: s}
	r, err := l.get(ctx)
	if err != nil {
		return err
	}
	roles, err := s.manyRoles(ctx, l, r)
	if err != nil {
		return err
	}
	names, err := s.profileNames(ctx, t, l, r, roles)
	if err != nil {
		return err
	}
	files := make([]*sink.File, len(roles))
	for i := range roles {
		files[i] = &sink.File{Path: s.credentialsFile(), Section: names[i], Force: s.on("force"), Backup: s.backup()}
	}
	m := &manyLogins{s: s, files: files, results: make([]loginResult, len(roles)), errs: make([]error, len(roles))}
	m.run(ctx, parallel, func(i int) (aws.Credentials, error) {
		if err := files[i].Check(); err != nil {
			return aws.Credentials{}, err
		}
		return s.roleCredentials(ctx, exchange, roles[i], l)
	})
	if err := s.keepOutput(ctx, m.written()...); err != nil {
		return err
	}
	return m.report(roles)
}

// manyMemory is what many roles at once get along with: from there on the collector takes its time.
const manyMemory = 11 << 20

func (s *settings) parallel() (int, error) {
	text := s.text("parallel")
	if text == "" {
		return 16, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 64 {
		return 0, &usageError{fmt.Sprintf("--parallel is a number from 1 to 64, not %q", text), ""}
	}
	return n, nil
}

// manyRoles returns the roles that a login of many is for.
func (s *settings) manyRoles(ctx context.Context, l *responses, r *saml.Response) ([]saml.Role, error) {
	if r.Encrypted {
		return nil, unreadableRoles("name both of one role with --role ROLE-ARN,PROVIDER-ARN, one login each")
	}
	if len(r.Roles) == 0 {
		return nil, noRoles(r)
	}
	roles := s.matching(ctx, l, r)
	if len(roles) == 0 {
		return nil, s.noMatch(r)
	}
	return roles, nil
}

// manyLogins gets the credentials of many roles and writes those that are there while others are on their way.
type manyLogins struct {
	s       *settings
	files   []*sink.File
	results []loginResult
	errs    []error
}

type fetched struct {
	i           int
	credentials aws.Credentials
}

func (m *manyLogins) run(ctx context.Context, parallel int, get func(int) (aws.Credentials, error)) {
	there := make(chan fetched, len(m.files))
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	go func() {
		for i := range m.files {
			places <- struct{}{}
			wg.Go(func() {
				defer func() { <-places }()
				credentials, err := caught(func() (aws.Credentials, error) { return get(i) })
				if m.errs[i] = err; err == nil {
					there <- fetched{i, credentials}
				}
			})
		}
		wg.Wait()
		close(there)
	}()
	for first := range there {
		batch := []fetched{first}
		for len(there) > 0 {
			batch = append(batch, <-there)
		}
		m.write(ctx, batch)
	}
}

// write writes what is there, even when the rest was given up.
func (m *manyLogins) write(ctx context.Context, batch []fetched) {
	ctx = context.WithoutCancel(ctx)
	var files []*sink.File
	var credentials []aws.Credentials
	for _, f := range batch {
		files, credentials = append(files, m.files[f.i]), append(credentials, f.credentials)
	}
	var written []delivery
	for j, err := range sink.WriteAll(ctx, files, credentials) {
		f := batch[j]
		if m.errs[f.i] = delivered(err); err == nil {
			m.results[f.i].Region, m.results[f.i].Expires = f.credentials.Region, stamp(f.credentials.Expires)
			written = append(written, delivery{files[j], f.credentials})
		}
	}
	m.s.noteDeliveries(ctx, written...)
}

// written returns the sections that have credentials now.
func (m *manyLogins) written() []string {
	var names []string
	for i, file := range m.files {
		if m.errs[i] == nil {
			names = append(names, file.Section)
		}
	}
	return names
}

// report prints one table of all, and returns the error if one has none.
func (m *manyLogins) report(roles []saml.Role) error {
	var partial *partialError
	for i, role := range roles {
		result := &m.results[i]
		result.Profile, result.Role, result.Account = m.files[i].Section, role.ARN, role.Account()
		if err := m.errs[i]; err != nil {
			result.Error = classify(context.Background(), err).message
			if partial == nil {
				partial = &partialError{of: len(roles), err: err}
			}
			if partial.failed++; errors.As(err, new(*aws.RefusedError)) && !errors.As(partial.err, new(*aws.RefusedError)) {
				partial.err = err
			}
		}
	}
	var err error
	if m.s.text("output") == "json" {
		err = writeJSON(m.s.stdout, map[string]any{"results": m.results})
	} else {
		err = m.table()
	}
	if partial != nil {
		return partial
	}
	return err
}

func (m *manyLogins) table() error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range m.results {
		how := r.Error
		if expires, err := time.Parse(time.RFC3339, r.Expires); how == "" && err == nil {
			how = "valid for " + span(expires.Sub(m.s.now()))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Profile, r.Role, how)
	}
	_ = w.Flush() // into memory
	_, err := fmt.Fprint(m.s.stdout, b.String())
	return err
}
