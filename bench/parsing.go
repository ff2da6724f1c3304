//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/saml"
)

// parsing compares saml.Parse with one pass of encoding/xml over the same bytes, in turn, for signed responses of few
// roles, of as many as AWS takes and of far more; and says how the time of one role grows from 284 roles to 5000.
func parsing(*programs) ([]row, error) {
	var rows []row
	perRole := map[int]float64{}
	for _, roles := range []int{10, 284, 5000} {
		encoded, document, err := response(roles)
		if err != nil {
			return nil, err
		}
		var ours, floor []float64
		times := 1 + 20000/roles // in a row, so that each cleans up its own memory
		for range 25 {
			took, err := repeated(times, func() error { return parse(encoded, roles) })
			if err != nil {
				return nil, err
			}
			ours = append(ours, took)
			if took, err = repeated(times, func() error { return onePass(document) }); err != nil {
				return nil, err
			}
			floor = append(floor, took)
		}
		own, pass := median(ours), median(floor)
		perRole[roles] = own / float64(roles)
		rows = append(rows, row{what: fmt.Sprintf("parsing %d roles against one pass of encoding/xml", roles), measured: own / pass, unit: "x", bar: 1.5, note: fmt.Sprintf("(%.2f ms)", own)})
	}
	return append(rows, row{what: "parsing, one of 5000 roles against one of 284", measured: perRole[5000] / perRole[284], unit: "x", bar: 1.5}), nil
}

// response returns a signed response as it is received, and its XML.
func response(roles int) (encoded string, document []byte, err error) {
	user := lab.Many(roles)
	l, err := lab.Start(lab.Options{Users: []lab.User{user}})
	if err != nil {
		return "", nil, err
	}
	defer l.Close()
	if encoded, err = l.Sign(l.Assertion(user.Name)); err != nil {
		return "", nil, err
	}
	document, err = base64.StdEncoding.DecodeString(encoded)
	return encoded, document, err
}

func parse(encoded string, roles int) error {
	r, err := saml.Parse(encoded)
	if err == nil && len(r.Roles) != roles {
		err = fmt.Errorf("%d roles of %d were read", len(r.Roles), roles)
	}
	return err
}

func onePass(document []byte) error {
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// repeated returns the milliseconds that something takes when it is done several times in a row.
func repeated(times int, do func() error) (float64, error) {
	took, err := timed(func() error {
		for range times {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
	return took / float64(times), err
}

// timed returns the milliseconds that something takes.
func timed(do func() error) (float64, error) {
	begin := time.Now()
	err := do()
	return time.Since(begin).Seconds() * 1000, err
}
