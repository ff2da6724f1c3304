// Cache reads one JSON file of credentials, checks that they are valid for five minutes more, and prints them: the floor
// for handing out what is known already.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

func main() {
	if err := hand(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "cache:", err)
		os.Exit(1)
	}
}

func hand(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var credentials struct {
		Version                                    int
		AccessKeyId, SecretAccessKey, SessionToken string
		Expiration                                 time.Time
	}
	if err := json.Unmarshal(data, &credentials); err != nil {
		return err
	}
	if time.Until(credentials.Expiration) < 5*time.Minute {
		return fmt.Errorf("%s has expired", path)
	}
	_, err = os.Stdout.Write(data)
	return err
}
