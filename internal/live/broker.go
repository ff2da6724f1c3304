package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/samlcli/samlcli/internal/lab/broker"
)

// serveBroker is the lab's broker for a real browser: it hands on what a credential_process printed into a file.
func serveBroker(way, file string, port int) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var printed map[string]any
	if err := json.Unmarshal(data, &printed); err != nil {
		return err
	}
	fields := map[string]string{}
	for name, value := range printed {
		if text, ok := value.(string); ok {
			fields[name] = text
		}
	}
	server := &http.Server{Addr: fmt.Sprintf("127.0.0.1:%d", port), Handler: &broker.Broker{Way: way, Fields: fields}, ReadHeaderTimeout: time.Minute}
	return server.ListenAndServe()
}
