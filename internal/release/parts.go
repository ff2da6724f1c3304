package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// The parts list is a CycloneDX 1.6 document: https://cyclonedx.org/docs/1.6/json/

type bom struct {
	Schema       string       `json:"$schema"`
	BOMFormat    string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Ref        string     `json:"bom-ref"`
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Hashes     []hash     `json:"hashes,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// partsList says what a program was built from: what the Go linker wrote into it, and nothing else.
func partsList(program, version string, at time.Time) ([]byte, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	whole := golang("application", info.Main.Path, version)
	whole.Hashes = []hash{{"SHA-256", fmt.Sprintf("%x", sha256.Sum256(data))}}
	for _, setting := range info.Settings {
		whole.Properties = append(whole.Properties, property{"go:build:" + setting.Key, setting.Value})
	}
	parts := []component{golang("library", "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		parts = append(parts, library(module))
	}
	linked := dependency{Ref: whole.Ref}
	for _, part := range parts {
		linked.DependsOn = append(linked.DependsOn, part.Ref)
	}
	list, err := json.MarshalIndent(bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", BOMFormat: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:   metadata{at.Format(time.RFC3339), whole},
		Components: parts, Dependencies: []dependency{linked},
	}, "", "  ")
	return append(list, '\n'), err
}

// library is a module as it was linked, with the sum that go.sum has of it. A copy in a directory of ours is one of internal/slim.
func library(module *debug.Module) component {
	copied := false
	if r := module.Replace; r != nil {
		if copied = strings.HasPrefix(r.Path, "./"); !copied {
			module = r
		}
	}
	part := golang("library", module.Path, module.Version)
	if part.Properties = []property{{"go:sum", module.Sum}}; copied {
		part.Properties = []property{{"samlcli:modified", "without the function that internal/slim takes out"}}
	}
	return part
}

func golang(kind, path, version string) component {
	purl := "pkg:golang/" + strings.ToLower(path) + "@" + strings.ReplaceAll(version, "+", "%2B")
	return component{Ref: purl, Type: kind, Name: path, Version: version, PURL: purl}
}
