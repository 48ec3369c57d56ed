// Answers a POST of Go's http.Client with chains of redirects, and prints what the servers received.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

type step struct {
	Status   int     `json:"status"`
	Location *string `json:"location"`
}

type chain struct {
	Name     string   `json:"name"`
	Target   string   `json:"target"`
	Steps    []step   `json:"steps"`
	Requests []string `json:"requests"`
	Status   int      `json:"status"`
	Error    string   `json:"error"`
}

func to(location string) *string { return &location }

func endless() []step {
	steps := []step{}
	for range 11 {
		steps = append(steps, step{307, to("/again")})
	}
	return steps
}

// A and B stand for the addresses of two servers; the last answer of a chain is 200 unless it is a step.
var chains = []chain{
	{Name: "301-is-a-get", Target: "http://A/logs", Steps: []step{{301, to("/moved")}}},
	{Name: "302-is-a-get", Target: "http://A/logs?x=1", Steps: []step{{302, to("moved?y=2#part")}}},
	{Name: "303-to-another-host", Target: "http://A/logs", Steps: []step{{303, to("http://B/moved")}}},
	{Name: "307-posts-again", Target: "http://A/logs", Steps: []step{{307, to("/moved")}}},
	{Name: "308-to-another-host", Target: "http://A/logs", Steps: []step{{308, to("http://B/moved")}}},
	{Name: "303-then-307-has-no-body", Target: "http://A/logs", Steps: []step{{303, to("/one")}, {307, to("/two")}}},
	{Name: "307-then-302", Target: "http://A/logs", Steps: []step{{307, to("/one")}, {302, to("/two")}}},
	{Name: "307-relative-keeps-user", Target: "http://me:pw@A/logs", Steps: []step{{307, to("/moved")}}},
	{Name: "307-absolute-drops-user", Target: "http://me:pw@A/logs", Steps: []step{{307, to("http://A/moved")}}},
	{Name: "308-across-hosts-drops-user", Target: "http://me:pw@A/logs", Steps: []step{{308, to("http://B/moved")}}},
	{Name: "302-with-user-of-its-own", Target: "http://A/logs", Steps: []step{{302, to("http://you:pw@B/moved")}}},
	{Name: "308-without-scheme", Target: "http://me:pw@A/logs", Steps: []step{{308, to("//B/moved")}}},
	{Name: "307-query-only", Target: "http://A/a/b?x=1", Steps: []step{{307, to("?y=2")}}},
	{Name: "307-dots", Target: "http://A/a/b/c", Steps: []step{{307, to("../../../d/./e/..")}}},
	{Name: "307-empty-path", Target: "http://A", Steps: []step{{307, to("next")}}},
	{Name: "307-escaped", Target: "http://A/a", Steps: []step{{307, to("/b%2Fc/d e?f%20g")}}},
	{Name: "302-without-location", Target: "http://A/logs", Steps: []step{{302, nil}}},
	{Name: "302-empty-location", Target: "http://A/logs", Steps: []step{{302, to("")}}},
	{Name: "302-bad-location", Target: "http://A/logs", Steps: []step{{302, to("http://%zz/")}}},
	{Name: "302-other-scheme", Target: "http://A/logs", Steps: []step{{302, to("ftp://B/moved")}}},
	{Name: "304-is-no-redirect", Target: "http://A/logs", Steps: []step{{304, to("/moved")}}},
	{Name: "300-is-no-redirect", Target: "http://A/logs", Steps: []step{{300, to("/moved")}}},
	{Name: "302-to-an-error", Target: "http://A/logs", Steps: []step{{302, to("/moved")}, {404, nil}}},
	{Name: "ten-at-most", Target: "http://A/logs", Steps: endless()},
}

// record answers each connection's requests with the next step, and keeps the requests.
func record(listener net.Listener, c *chain, next *int) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			var raw bytes.Buffer
			reader := bufio.NewReader(io.TeeReader(connection, &raw))
			request, err := http.ReadRequest(reader)
			if err != nil {
				return
			}
			io.Copy(io.Discard, request.Body)
			c.Requests = append(c.Requests, raw.String())
			answer := step{Status: 200}
			if *next < len(c.Steps) {
				answer = c.Steps[*next]
			}
			*next++
			location := ""
			if answer.Location != nil {
				location = "Location: " + c.real(*answer.Location) + "\r\n"
			}
			fmt.Fprintf(connection, "HTTP/1.1 %d Status\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n", answer.Status, location)
		}()
	}
}

var names = map[string]string{}

func (c *chain) real(text string) string {
	for name, address := range names {
		text = strings.ReplaceAll(text, "//"+name, "//"+address)
		text = strings.ReplaceAll(text, "@"+name, "@"+address)
	}
	return text
}

func shown(text string) string {
	for name, address := range names {
		text = strings.ReplaceAll(text, address, name)
	}
	return text
}

func run(c *chain) {
	next := 0
	for _, name := range []string{"A", "B"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		defer listener.Close()
		names[name] = listener.Addr().String()
		go record(listener, c, &next)
	}
	target, err := url.Parse(c.real(c.Target))
	if err != nil {
		panic(err)
	}
	request := &http.Request{Method: "POST", URL: target, Header: http.Header{}, ContentLength: 2}
	request.Header.Set("Ce-Id", "1")
	request.Header.Set("Content-Type", "application/json")
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("{}")), nil }
	request.Body, _ = request.GetBody()
	client := &http.Client{Transport: &http.Transport{}}
	response, err := client.Do(request)
	if err != nil {
		c.Error = shown(err.Error())
	} else {
		c.Status = response.StatusCode
		response.Body.Close()
	}
	for at, request := range c.Requests {
		c.Requests[at] = shown(request)
	}
}

func main() {
	for at := range chains {
		run(&chains[at])
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(chains); err != nil {
		panic(err)
	}
}
