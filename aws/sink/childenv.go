package sink

import (
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/aws"
)

// lookPath finds the program as the child itself would: in the PATH that it gets. Directories that depend on where
// one stands are passed over.
func lookPath(name string, env []string) (string, error) {
	if strings.ContainsAny(name, separators) {
		return exec.LookPath(name)
	}
	found := exec.ErrNotFound
	for _, dir := range filepath.SplitList(lookup(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		path, err := exec.LookPath(filepath.Join(dir, name))
		if err == nil {
			return path, nil
		}
		if errors.Is(err, fs.ErrPermission) {
			found = err
		}
	}
	return "", found
}

func lookup(env []string, name string) string {
	for _, entry := range slices.Backward(env) { // the last of several counts
		if n, value, _ := strings.Cut(entry, "="); fold(n) == name {
			return value
		}
	}
	return ""
}

// fold is a variable's name for comparing: Windows does not tell capitals from small letters.
func fold(name string) string {
	if runtime.GOOS == "windows" {
		return strings.ToUpper(name)
	}
	return name
}

// childEnv is given without whatever would win over the credentials or describe others, and with them.
func childEnv(given []string, c aws.Credentials) []string {
	vs := variables(c)
	gone := stale()
	for _, v := range vs {
		gone = append(gone, v.name)
	}
	var env []string
	for _, entry := range given {
		if name, _, _ := strings.Cut(entry, "="); !slices.Contains(gone, fold(name)) {
			env = append(env, entry)
		}
	}
	for _, v := range vs {
		env = append(env, v.name+"="+v.value)
	}
	return env
}

// stale names the variables that give an SDK other credentials, or say things about them, and our own secrets.
func stale() []string {
	return []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
		"AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_EXPIRATION", // older names
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCOUNT_ID", "AWS_CREDENTIAL_FILE",
		"AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
		"SAMLCLI_PASSWORD", "SAMLCLI_CODE",
	}
}
