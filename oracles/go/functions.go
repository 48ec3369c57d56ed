package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"mime"
	"net/http"
	"net/textproto"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/idna"
	"k8s.io/apimachinery/pkg/api/resource"
)

var functions = map[string]func([]any) (any, error){
	"csv.read":  func(a []any) (any, error) { return csv.NewReader(strings.NewReader(a[0].(string))).Read() },
	"csv.write": writeRecords,

	"json.marshal":   func(a []any) (any, error) { text, err := json.Marshal(a[0]); return string(text), err },
	"json.unmarshal": unmarshal,

	"url.parse":     parseURL,
	"http.send":     send,
	"idna.to_ascii": func(a []any) (any, error) { return idna.ToASCII(a[0].(string)) },

	"time.parse_duration": func(a []any) (any, error) {
		duration, err := time.ParseDuration(a[0].(string))
		return int64(duration), err
	},
	"time.format": func(a []any) (any, error) { return time.Unix(0, a[0].(int64)).UTC().Format(time.RFC3339Nano), nil },

	"strconv.parse_int": func(a []any) (any, error) {
		return strconv.ParseInt(a[0].(string), int(a[1].(int64)), int(a[2].(int64)))
	},
	"strconv.parse_bool": func(a []any) (any, error) { return strconv.ParseBool(a[0].(string)) },
	"strconv.quote":      func(a []any) (any, error) { return strconv.Quote(a[0].(string)), nil },

	"strings.trim_space": func(a []any) (any, error) { return strings.TrimSpace(a[0].(string)), nil },

	"http.canonical_header": func(a []any) (any, error) { return textproto.CanonicalMIMEHeaderKey(a[0].(string)), nil },
	"http.valid_name":       func(a []any) (any, error) { return httpguts.ValidHeaderFieldName(a[0].(string)), nil },
	"http.valid_value":      func(a []any) (any, error) { return httpguts.ValidHeaderFieldValue(a[0].(string)), nil },
	"http.written_value":    writtenValue,

	"mime.parse_media_type": parseMediaType,
	"paths.clean":           func(a []any) (any, error) { return path.Clean(a[0].(string)), nil },
	"paths.join":            func(a []any) (any, error) { return path.Join(texts(a[0])...), nil },
	"quantity.check":        func(a []any) (any, error) { _, err := resource.ParseQuantity(a[0].(string)); return nil, err },
	"flag.parse":            parseFlags,
}

func texts(value any) []string {
	items := []string{}
	for _, item := range value.([]any) {
		items = append(items, item.(string))
	}
	return items
}

func writeRecords(a []any) (any, error) {
	var text strings.Builder
	rows := [][]string{}
	for _, row := range a[0].([]any) {
		rows = append(rows, texts(row))
	}
	err := csv.NewWriter(&text).WriteAll(rows)
	return text.String(), err
}

func writtenValue(a []any) (any, error) {
	var text strings.Builder
	err := http.Header{"X": {a[0].(string)}}.Write(&text)
	return strings.TrimSuffix(strings.TrimPrefix(text.String(), "X: "), "\r\n"), err
}

func parseMediaType(a []any) (any, error) {
	mediaType, parameters, err := mime.ParseMediaType(a[0].(string))
	return map[string]any{"type": mediaType, "parameters": parameters}, err
}

// Base, Store and Config have a field of every kind that the Python decoder knows.
type Base struct {
	Path       *string            `json:"path"`
	Parameters *map[string]string `json:"parameters"`
	Labels     map[string]string  `json:"labels"`
}

type Store struct {
	Base    `json:",inline"`
	Account string `json:"serviceAccountName"`
}

type Config struct {
	Image  string   `json:"image"`
	Verify bool     `json:"tlsSkipVerify"`
	Size   int      `json:"batchSize"`
	Limit  *int     `json:"limit"`
	On     *bool    `json:"on"`
	Names  []string `json:"names"`
	Store  *Store   `json:"storage"`
	Inline Store    `json:"inline"`
}

func unmarshal(a []any) (any, error) {
	var config Config
	if err := json.Unmarshal([]byte(a[0].(string)), &config); err != nil {
		return nil, err
	}
	return plain(config)
}

// plain turns a struct into maps and lists.
func plain(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var result any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&result)
	return result, err
}

func parseFlags(a []any) (any, error) {
	flags := pflag.NewFlagSet("measured", pflag.ContinueOnError)
	flags.Usage = func() {}
	url := flags.String("log-url", "", "")
	mode := flags.String("log-mode", "all", "")
	size := flags.Int("log-batch-size", 1, "")
	interval := flags.Duration("log-batch-interval", time.Second, "")
	verify := flags.Bool("tls", false, "")
	headers := flags.StringSlice("headers", nil, "")
	names := flags.StringSlice("names", []string{"a", "b"}, "")
	if err := flags.Parse(texts(a[0])); err != nil {
		return nil, err
	}
	changed := []string{}
	flags.Visit(func(flag *pflag.Flag) { changed = append(changed, flag.Name) })
	values := map[string]any{
		"log-url": *url, "log-mode": *mode, "log-batch-size": *size,
		"log-batch-interval": int64(*interval), "tls": *verify, "headers": nil, "names": *names,
	}
	if *headers != nil {
		values["headers"] = *headers
	}
	return map[string]any{"values": values, "changed": changed, "positionals": flags.Args()}, nil
}
