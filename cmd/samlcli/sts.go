package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
)

// The commands that need no identity provider: keys of one's own are enough.

func (p *program) assumeCommand() *cli.Command {
	return p.stsCommand("assume", "assume a role with keys of your own (AssumeRole)", slices.Concat([]cli.Flag{list("role", "assume the role `ARN`")}, assumeFlags(), without(p.roleFlags, "role", "fallback-region")))
}

func (p *program) sessionCommand() *cli.Command {
	return p.stsCommand("session", "get a session of your own keys, with a second factor where one is wanted (GetSessionToken)",
		slices.Concat([]cli.Flag{mfaSerialFlag()}, without(p.roleFlags, "role", "strict", "fallback-region", "policy", "policy-arn", "read-only")))
}

func (p *program) federateCommand() *cli.Command {
	return p.stsCommand("federate", "get a session for somebody without an identity in AWS (GetFederationToken)",
		slices.Concat([]cli.Flag{text("name", "call the user of the session `NAME`"), tagFlag()}, without(p.roleFlags, "role", "strict", "fallback-region")))
}

func assumeFlags() []cli.Flag {
	return []cli.Flag{
		mfaSerialFlag(), tagFlag(),
		text("external-id", "show the role's account `ID`"),
		text("session-name", "call the session `NAME` (default: samlcli)"),
		text("source-identity", "let AWS note `NAME` as who is behind the session, and behind those that follow it"),
		list("transitive", "let the sessions that follow keep the tag `KEY` (repeatable)"),
	}
}

func mfaSerialFlag() cli.Flag {
	return text("mfa-serial", "show a code of the device `ARN` (default: the source profile's mfa_serial)")
}

func tagFlag() cli.Flag { return list("tag", "tag the session with `KEY=VALUE` (repeatable)") }

// without returns the flags but for some.
func without(flags []cli.Flag, names ...string) []cli.Flag {
	return slices.DeleteFunc(slices.Clone(flags), func(f cli.Flag) bool { return slices.Contains(names, f.Names()[0]) })
}

// stsCommand is a command that gives what STS answers to any sink.
func (p *program) stsCommand(name, usage string, flags []cli.Flag) *cli.Command {
	kept := []string{"account", "code", "no-input", "timeout", "ca-bundle", "proxy", "refresh", "verbose", "log-format"}
	signIn := slices.DeleteFunc(slices.Clone(p.signInFlags), func(f cli.Flag) bool { return !slices.Contains(kept, f.Names()[0]) })
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: "[-- PROGRAM [ARGUMENT ...]]",
		Flags: slices.Concat([]cli.Flag{
			text("source-profile", "with the keys of the profile `NAME` of the AWS files (default: those in the environment, else of AWS_PROFILE, else of default)"),
		}, flags, signIn, fileFlags("the --profile's name, else "+name), []cli.Flag{
			text("to", "give them to `SINK`: profile, process, env or console (default: profile); a PROGRAM gets them in its environment"),
			text("shell", "for --to env: write for the shell `NAME` (default: the one in $SHELL)"),
		}),
		Action: p.sts,
	}
}

func (p *program) sts(c *cli.Context) error {
	s, err := p.settings(c)
	if err != nil {
		return err
	}
	argv := c.Args().Slice()
	to := s.text("to")
	switch {
	case len(argv) > 0 && (to != "" || !slices.Contains(p.args, "--")):
		return &usageError{"what is no flag stands behind --, as the program to run, and instead of --to", "as in samlcli " + c.Command.Name + " -- aws sts get-caller-identity"}
	case len(argv) > 0:
		_, err = s.deliver(c.Context, func(s *settings) (aws.Sink, error) { return s.execSink(argv), nil })
		return err
	}
	switch to {
	case "", "profile":
		return s.loginOne(c.Context)
	case "process":
		_, err = s.deliver(c.Context, (*settings).processSink)
	case "env":
		_, err = s.deliver(c.Context, (*settings).envSink)
	case "console":
		return s.console(c.Context)
	default:
		err = &usageError{fmt.Sprintf("--to: there is no sink %q", to), "the sinks are profile, process, env and console"}
	}
	return err
}

// hop reads the role to assume from the flags, or the profile's keys of their names.
func (s *settings) hop(role string) (aws.Hop, error) {
	h := aws.Hop{Role: role, SessionName: s.text("session-name"), ExternalID: s.text("external-id"), SourceIdentity: s.text("source-identity"), MFASerial: s.text("mfa-serial"), Transitive: s.list("transitive")}
	if !isRole(role) {
		return h, &usageError{"--role: with keys of your own one role is named, by its ARN", "as in arn:aws:iam::123456789012:role/Admin"}
	}
	if err := checkNames(h, "--session-name", "--source-identity"); err != nil {
		return h, err
	}
	var err error
	h.Tags, err = s.tags()
	return h, err
}

// checkNames looks at the two names that a hop may have, which whoever wrote them calls so.
func checkNames(h aws.Hop, session, source string) error {
	if h.SessionName != "" {
		if err := checkName(session, h.SessionName, 64); err != nil {
			return err
		}
	}
	if h.SourceIdentity == "" {
		return nil
	}
	return checkName(source, h.SourceIdentity, 64)
}

// tags reads --tag.
func (s *settings) tags() (map[string]string, error) {
	var tags map[string]string
	for _, pair := range s.list("tag") {
		key, value, found := strings.Cut(pair, "=")
		if !found || key == "" {
			return nil, &usageError{fmt.Sprintf("--tag takes KEY=VALUE, not %q", pair), ""}
		}
		if tags == nil {
			tags = map[string]string{}
		}
		tags[key] = value
	}
	return tags, nil
}

// checkName refuses what STS takes for no name (AWS STS API Reference: RoleSessionName, SourceIdentity, Name).
func checkName(flag, name string, most int) error {
	odd := strings.ContainsFunc(name, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-", r)
	})
	if odd || len(name) < 2 || len(name) > most {
		return &usageError{fmt.Sprintf("%s is 2 to %d letters, digits and characters of _+=,.@-", flag, most), ""}
	}
	return nil
}

// longestCall is the longest session that the call gives, and what sessions those are.
func (s *settings) longestCall() (most time.Duration, which string) {
	if call := s.ownCallName(); s.own() && call != assumeRole {
		return aws.MaxToken, "sessions by " + call
	}
	return longest, "sessions of roles"
}
