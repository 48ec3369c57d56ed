// Command yaml prints how Kubernetes reads YAML texts.
//
// It reads one JSON string per line on standard input and prints one line for each: {"json": "..."} with the JSON
// that kubectl would send, or {"error": "..."}. Like kubectl's YAMLOrJSONDecoder it tries a text that starts with
// a brace as JSON first, and everything else, or what is not JSON, goes through sigs.k8s.io/yaml.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"log"
	"os"
	"unicode"

	"sigs.k8s.io/yaml"
)

type answer struct {
	JSON  *string `json:"json,omitempty"`
	Error string  `json:"error,omitempty"`
}

func read(text string) answer {
	raw := []byte(text)
	if bytes.HasPrefix(bytes.TrimLeftFunc(raw, unicode.IsSpace), []byte("{")) {
		if value, err := readJSON(raw); err == nil {
			return value
		}
	}
	converted, err := yaml.YAMLToJSON(raw)
	if err != nil {
		return answer{Error: err.Error()}
	}
	compact := string(converted)
	return answer{JSON: &compact}
}

func readJSON(raw []byte) (answer, error) {
	if !json.Valid(raw) {
		return answer{}, errors.New("not one JSON value")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return answer{}, err
	}
	converted, err := json.Marshal(value)
	compact := string(converted)
	return answer{JSON: &compact}, err
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	lines := json.NewDecoder(bufio.NewReader(os.Stdin))
	for lines.More() {
		var text string
		if err := lines.Decode(&text); err != nil {
			log.Fatal(err)
		}
		if err := encoder.Encode(read(text)); err != nil {
			log.Fatal(err)
		}
		// Whoever asks one by one waits for the answer.
		if err := out.Flush(); err != nil {
			log.Fatal(err)
		}
	}
}
