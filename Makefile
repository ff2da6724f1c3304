# One binary without C, small and quick to start. Tags leave out the command library's Markdown renderer and suggestions,
# and HTTP/2, which no identity provider and no STS needs; internal/slim leaves out its templates. The runtime is inlined, and
# what makes error values, so that none of ours runs before main; the rest is a tenth smaller without, and no slower. Functions
# stand closer, and Go 1.25's garbage collector touches fewer pages than 1.26's at a start.
VERSION ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
TAGS     = urfave_cli_no_docs,urfave_cli_no_suggest,nethttpomithttp2
LDFLAGS  = -s -w -funcalign=1 -X main.version=$(VERSION)
INLINED  = runtime/... internal/... errors $(addprefix github.com/samlcli/samlcli/,internal/... saml idp)
GCFLAGS  = -gcflags=all=-l $(INLINED:%=-gcflags=%=)
GO       = CGO_ENABLED=0 go

# The experiment's name is Go 1.26's; another version decides for itself.
BUILD = $(if $(findstring go1.26,$(shell go env GOVERSION)),GOEXPERIMENT=nogreenteagc) $(GO) build \
	-modfile bin/slim/go.mod -trimpath -buildvcs=false -tags $(TAGS) $(GCFLAGS) -ldflags '$(LDFLAGS)'

PLATFORMS = linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64 windows_arm64

# A release is of its commit's time, whoever makes it and when.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.8.0

# How long make fuzz stays at each target.
FUZZTIME ?= 1m

.PHONY: build slim test check vulnerabilities fuzz demo live bench pages release $(PLATFORMS) reproduce clean

build: slim
	$(BUILD) -o bin/samlcli ./cmd/samlcli

slim:
	@$(GO) run ./internal/slim bin/slim

test:
	$(GO) test ./...

# What must be green before a change is pushed.
check: build vulnerabilities
	@bin/samlcli login --help | grep -q -- --profile || { echo "the binary has no help"; exit 1; }
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet ./...
	GOOS=windows go vet ./... && GOOS=darwin go vet ./...
	go run $(STATICCHECK) ./...
	go test -race ./...

# Every fuzz target there is, one after the other. What one finds stays below testdata/fuzz, where go test runs it from then on.
fuzz:
	@set -e; go test -list '^Fuzz' ./... | awk '/^Fuzz/ { found[n++] = $$1 } /^ok/ { while (n) print $$2, found[--n] }' | \
	while read package target; do \
		echo "$$package $$target"; \
		go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package </dev/null; \
	done

# govulncheck ends with 3 where it found one; where its database cannot be reached, that is said, and nothing else is known.
vulnerabilities:
	@said=$$(go run $(GOVULNCHECK) ./... 2>&1) || case "$$said" in \
	*'exit status 3') echo "$$said"; exit 1 ;; \
	*) echo "vulnerabilities: skipped, $$(echo "$$said" | grep -m1 govulncheck:)" ;; esac

# The one command that shows a newcomer what this is: a sign-in at the embedded lab.
demo: build
	$(GO) run ./internal/lab/demo bin/samlcli

# The built binary against real products on loopback; with UPDATE=1 their tapes are recorded anew.
live: export UPDATE := $(UPDATE)
live: build
	bash fixtures/live/run.sh

bench: build
	$(GO) run ./bench

# Completions and man page, from the commands that the program has.
pages:
	rm -rf bin/pages
	$(GO) test -count=1 -vet=off -run '^TestPages$$' ./cmd/samlcli -pages '$(CURDIR)/bin/pages'

# What is published, in dist: an archive and a parts list (CycloneDX) for each platform, and the checksums.
release: pages $(PLATFORMS)
	rm -rf dist && mkdir dist
	$(GO) run ./internal/release -version '$(VERSION)' -time $(SOURCE_DATE_EPOCH) -pages bin/pages bin/release dist

$(PLATFORMS): slim
	GOOS=$(firstword $(subst _, ,$@)) GOARCH=$(lastword $(subst _, ,$@)) $(BUILD) -o bin/release/$@/ ./cmd/samlcli

# Builds the commit twice, in two directories, the second time without a cache, and compares.
reproduce:
	sh internal/release/reproduce.sh '$(VERSION)'

clean:
	rm -rf bin dist
