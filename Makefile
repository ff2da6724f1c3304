# One binary without C, small and quick to start: tags leave out the command library's Markdown renderer and HTTP/2,
# which no identity provider and no STS needs; without inlining it is a tenth smaller and no slower.
VERSION ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
TAGS     = urfave_cli_no_docs,nethttpomithttp2
LDFLAGS  = -s -w -X main.version=$(VERSION)
GO       = CGO_ENABLED=0 go

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build test check demo live bench clean

build:
	$(GO) build -trimpath -tags $(TAGS) -gcflags=all=-l -ldflags '$(LDFLAGS)' -o bin/samlcli ./cmd/samlcli

test:
	$(GO) test ./...

# What must be green before a change is pushed.
check: build
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet ./...
	GOOS=windows go vet ./... && GOOS=darwin go vet ./...
	go run $(STATICCHECK) ./...
	go test -race ./...

# The one command that shows a newcomer what this is: a sign-in at the embedded lab.
demo: build
	$(GO) run ./internal/lab/demo bin/samlcli

# The built binary against real products on loopback.
live: build
	bash fixtures/live/run.sh

bench: build
	$(GO) run ./bench

clean:
	rm -rf bin
