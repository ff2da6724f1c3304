package main

import (
	"strings"
	"testing"
)

// The program gets an endpoint, which answers for its own role and for others, and never asks anybody.
func TestExecServer(t *testing.T) {
	w := asAlice(t)
	get := `import os, urllib.request
u, t = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
assert "AWS_ACCESS_KEY_ID" not in os.environ and "AWS_SESSION_TOKEN" not in os.environ
for path in ["", "210987654321/Deploy", "123456789012/No"]:
    try:
        print(urllib.request.urlopen(urllib.request.Request(u + path, headers={"Authorization": t})).read().decode().strip())
    except urllib.error.HTTPError as e:
        print(e.code, e.read().decode().strip())
`
	if r := w.run("exec", "--role", "Admin", "--", "python3", "-c", "pass"); r.code == 127 {
		t.Skip("the program that asks is written in Python")
	}
	w.set("AWS_ACCESS_KEY_ID", "AKIAOLD")
	lines := strings.Split(w.want(0, "", "exec", "--server", "--role", "Admin", "--", "python3", "-c", get).stdout, "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], `"AccessKeyId":"ASIA`) || !strings.Contains(lines[0], "role/Admin") || !strings.Contains(lines[1], "role/Deploy") || !strings.HasPrefix(lines[2], "404 ") {
		t.Errorf("got %q", lines)
	}
	if w.lab.SignIns() != 1 {
		t.Errorf("%d sign-ins", w.lab.SignIns())
	}
}
