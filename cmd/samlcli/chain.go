package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws"
)

// chain returns the roles that the profile goes on to from the sign-in's, in turn.
func (s *settings) chain() ([]aws.Hop, error) {
	value, ok := s.role["chain"]
	if !ok {
		return nil, nil
	}
	return readChain(value)
}

const chainHint = `as in chain = [{role = "arn:aws:iam::123456789012:role/Deploy", external_id = "x"}]`

// readChain reads an array of tables, each one hop.
func readChain(value any) ([]aws.Hop, error) {
	var tables []map[string]any
	switch list := value.(type) {
	case []map[string]any:
		tables = list
	case []any:
		for _, v := range list {
			table, ok := v.(map[string]any)
			if !ok {
				return nil, &usageError{"a chain is a list of tables", chainHint}
			}
			tables = append(tables, table)
		}
	default:
		return nil, &usageError{"a chain is a list of tables", chainHint}
	}
	hops := make([]aws.Hop, len(tables))
	for i, table := range tables {
		for _, key := range slices.Sorted(maps.Keys(table)) {
			if err := setHop(&hops[i], key, table[key]); err != nil {
				return nil, err
			}
		}
		if !strings.Contains(hops[i].Role, ":role/") {
			return nil, &usageError{"each part of a chain needs the ARN of its role", chainHint}
		}
	}
	return hops, nil
}

func setHop(h *aws.Hop, key string, value any) error {
	texts := map[string]*string{"role": &h.Role, "session_name": &h.SessionName, "external_id": &h.ExternalID, "source_identity": &h.SourceIdentity}
	text, isText := value.(string)
	tags, isTable := value.(map[string]any)
	list, isList := value.([]any)
	switch {
	case texts[key] != nil && isText:
		*texts[key] = text
	case key == "duration" && isText:
		d, err := time.ParseDuration(text)
		if err != nil || d < shortest || d > aws.MaxHop {
			return &usageError{"chain: duration is 15m to 1h: AWS gives chained roles no more", ""}
		}
		h.Duration = d
	case key == "tags" && isTable:
		h.Tags = map[string]string{}
		for name, v := range tags {
			h.Tags[name] = fmt.Sprint(v)
		}
	case key == "transitive" && isList:
		for _, v := range list {
			h.Transitive = append(h.Transitive, fmt.Sprint(v))
		}
	default:
		return &usageError{fmt.Sprintf("chain: %q is not known, or of the wrong type", key),
			"a part of a chain has role, session_name, external_id, source_identity, duration, tags and transitive"}
	}
	return nil
}

// chained is the Source of the last role of a chain, each role's credentials cached by themselves.
func (s *settings) chained(first aws.Source, key string, e *aws.Exchange, hops []aws.Hop, early time.Duration) (aws.Source, string, string) {
	source, role := first, e.Role
	for _, hop := range hops {
		text, _ := json.Marshal(hop) // strings and numbers always encode
		key = digest(key, string(text))
		role = hop.Role
		source = &aws.Cached{Source: &aws.Chained{Source: source, Hop: hop, Exchange: e}, Store: credentialFiles{s}, Key: key, Role: role, Early: min(early, aws.MaxHop/4), Fresh: s.on("refresh"), Now: s.now}
	}
	return source, key, role
}
