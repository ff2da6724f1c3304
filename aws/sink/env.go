package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/samlcli/samlcli/aws"
)

// Env writes the statements that put the credentials into a shell's environment, one a line.
type Env struct {
	W     io.Writer
	Shell string // one of Shells
}

// Shells returns the names that Env knows.
func Shells() []string {
	return []string{"sh", "bash", "zsh", "fish", "powershell", "cmd", "nu", "dotenv", "json"}
}

// Write writes the statements. A value that the shell cannot hold as it is is an error.
func (e *Env) Write(_ context.Context, c aws.Credentials) error { return e.write(variables(c)) }

// WriteVariables writes the statements for variables of the form NAME=value.
func (e *Env) WriteVariables(entries []string) error {
	var vs []variable
	for _, entry := range entries {
		name, value, _ := strings.Cut(entry, "=")
		vs = append(vs, variable{name, value})
	}
	return e.write(vs)
}

func (e *Env) write(vs []variable) error {
	for _, v := range vs {
		if strings.ContainsRune(v.value, 0) || !utf8.ValidString(v.value) {
			return fmt.Errorf("%s: the value is not text", v.name)
		}
	}
	if e.Shell == "json" {
		object := map[string]string{}
		for _, v := range vs {
			object[v.name] = v.value
		}
		return writeJSON(e.W, object)
	}
	quote, err := quoter(e.Shell)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, v := range vs {
		statement, err := quote(v)
		if err != nil {
			return fmt.Errorf("%s for %s: %w", v.name, e.Shell, err)
		}
		b.WriteString(statement + "\n")
	}
	return writeAll(e.W, []byte(b.String()))
}

// Unset returns the statements that take out of a shell's environment what Write puts in.
func Unset(shell string) (string, error) {
	statement := map[string]string{
		"sh": "unset %s", "bash": "unset %s", "zsh": "unset %s", "fish": "set -e %s;", "cmd": "set %s=", "nu": "hide-env -i %s",
		"powershell": "Remove-Item -ErrorAction SilentlyContinue Env:%s",
	}[shell]
	if statement == "" {
		return "", fmt.Errorf("nothing can be taken out of %s", shell)
	}
	var b strings.Builder
	for _, v := range variables(aws.Credentials{Region: "any", Expires: time.Unix(1, 0)}) {
		fmt.Fprintf(&b, statement+"\n", v.name)
	}
	return b.String(), nil
}

func quoter(shell string) (func(variable) (string, error), error) {
	switch shell {
	case "sh", "bash", "zsh":
		return posix, nil
	case "fish":
		return fish, nil
	case "powershell":
		return powershell, nil
	case "cmd":
		return cmd, nil
	case "nu":
		return nu, nil
	case "dotenv":
		return dotenv, nil
	}
	return nil, fmt.Errorf("shell %q is unknown; there are %s", shell, strings.Join(Shells(), ", "))
}

// posix: between single quotes everything stands for itself but the quote.
func posix(v variable) (string, error) {
	return "export " + v.name + "='" + strings.ReplaceAll(v.value, "'", `'\''`) + "'", nil
}

// fish: as in sh, but a backslash escapes a backslash and the quote.
func fish(v variable) (string, error) {
	return "set -gx " + v.name + " '" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(v.value) + "';", nil
}

// powershell takes the typographic quotes for quotes too; each is doubled to stand for itself. Line ends would be
// lost where the output is piped line by line into Invoke-Expression, so they are spelled.
func powershell(v variable) (string, error) {
	r := strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛",
		"\n", "'+\"`n\"+'", "\r", "'+\"`r\"+'")
	return "$Env:" + v.name + " = '" + r.Replace(v.value) + "'", nil
}

// cmd: inside set "…" all is literal but a quote, which ends it, and %, !, which mean different things in a batch
// file, on the command line and in a for loop.
func cmd(v variable) (string, error) {
	if strings.ContainsAny(v.value, "\"%!") || strings.IndexFunc(v.value, isControl) >= 0 {
		return "", errors.New(`a value with ", %, ! or a control character cannot be quoted`)
	}
	return `set "` + v.name + "=" + v.value + `"`, nil
}

// nu: double quotes with escapes; only $"…" would be interpolated.
func nu(v variable) (string, error) {
	var b strings.Builder
	for _, r := range v.value {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case isControl(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return "$env." + v.name + ` = "` + b.String() + `"`, nil
}

// dotenv: docker takes all behind the = as it is, quotes included; the libraries remove quotes, cut comments and
// expand. Only what is plain for both is written.
func dotenv(v variable) (string, error) {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+/=.:,@-"
	if strings.Trim(v.value, plain) != "" {
		return "", errors.New("readers of such files do not agree on this value")
	}
	return v.name + "=" + v.value, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
