package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
)

func parseURL(a []any) (any, error) {
	parsed, err := url.Parse(a[0].(string))
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(parsed)
	if err != nil {
		return nil, err
	}
	result := map[string]any{
		"scheme": parsed.Scheme, "opaque": parsed.Opaque, "user": nil, "host": parsed.Host, "path": parsed.Path,
		"raw_path": parsed.RawPath, "omit_host": parsed.OmitHost, "force_query": parsed.ForceQuery,
		"raw_query": parsed.RawQuery, "fragment": parsed.Fragment, "raw_fragment": parsed.RawFragment,
		"string": parsed.String(), "escaped_path": parsed.EscapedPath(), "request_uri": parsed.RequestURI(),
		"hostname": parsed.Hostname(), "port": parsed.Port(), "json": string(text),
	}
	if parsed.User != nil {
		user := map[string]any{"username": parsed.User.Username(), "password": nil}
		if password, set := parsed.User.Password(); set {
			user["password"] = password
		}
		result["user"] = user
	}
	return result, nil
}

// send posts nothing to a URL over a pipe: what the client dials, and what it writes.
func send(a []any) (any, error) {
	target, err := url.Parse(a[0].(string))
	if err != nil {
		return nil, err
	}
	result := map[string]any{}
	dial := func(_ context.Context, _, address string) (net.Conn, error) {
		client, server := net.Pipe()
		result["address"] = address
		go serve(server, result)
		return client, nil
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true}}
	response, err := client.Do(&http.Request{Method: http.MethodPost, URL: target, Header: headers(a[1])})
	if err != nil {
		return nil, err
	}
	if response.Body.Close() != nil {
		return nil, errors.New("close")
	}
	return result, nil
}

func headers(value any) http.Header {
	header := http.Header{}
	for name, text := range value.(map[string]any) {
		header[name] = []string{text.(string)}
	}
	return header
}

func serve(connection net.Conn, result map[string]any) {
	lines := bufio.NewReader(connection)
	line, err := lines.ReadString('\n')
	if err != nil {
		return // the client had second thoughts
	}
	result["target"] = line[len("POST ") : len(line)-len(" HTTP/1.1\r\n")]
	result["authorization"] = nil
	for {
		line, err := lines.ReadString('\n')
		if err != nil || line == "\r\n" {
			break
		}
		if text, found := cutHeader(line, "Host: "); found {
			result["host"] = text
		}
		if text, found := cutHeader(line, "Authorization: "); found {
			result["authorization"] = text
		}
	}
	connection.Write([]byte("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
	connection.Close()
}

func cutHeader(line, name string) (string, bool) {
	if len(line) < len(name)+2 || line[:len(name)] != name {
		return "", false
	}
	return line[len(name) : len(line)-2], true
}
