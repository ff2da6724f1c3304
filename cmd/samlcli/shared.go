package main

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/store"
)

// Of many that need a sign-in at once one signs in, and the others get what came of it, a refusal as well: else a person who
// denies a push would be asked again by each of them.

type sharedRefusal struct {
	At      time.Time
	Refused *idp.RefusedError
}

const sharedKind = "refusal"

// shareRefusal tells those who wait for this sign-in that it was refused.
func (s *settings) shareRefusal(err error) {
	shared := sharedRefusal{At: s.now()}
	path := s.rememberedFile(sharedKind)
	if path == "" || !errors.As(err, &shared.Refused) {
		return
	}
	data, err := json.Marshal(shared)
	if err == nil {
		err = store.Keep(path, data)
	}
	if err != nil {
		s.log.detail("others will not know of the refusal: %v", err)
	}
}

// refusedMeanwhile returns the refusal of a sign-in that ended after began. Whoever is at a terminal can answer better.
func (s *settings) refusedMeanwhile(began time.Time) error {
	path := s.rememberedFile(sharedKind)
	if path == "" {
		return nil
	}
	data, err := store.Kept(path)
	if err != nil {
		return nil // mostly there is none
	}
	var shared sharedRefusal
	if json.Unmarshal(data, &shared) != nil || shared.Refused == nil || !shared.At.After(began) || shared.At.After(s.now()) || !s.unattended() {
		return nil
	}
	return shared.Refused
}
