// The peers of a sidecar in a benchmark: a model, a sink, an API server, and a load generator.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// latencies are durations whose percentiles are reported in milliseconds.
type latencies []time.Duration

func (l latencies) at(share float64) float64 {
	if len(l) == 0 {
		return 0
	}
	sort.Slice(l, func(i, j int) bool { return l[i] < l[j] })
	return float64(l[int(share*float64(len(l)-1))].Microseconds()) / 1000
}

// sink counts events, those with the expected annotations, and the time from each event's own time to its arrival.
type sink struct {
	sync.Mutex
	expected          string
	events, annotated int
	first, last       time.Time
	taken             latencies
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/reset":
		s.Lock()
		s.events, s.annotated, s.taken = 0, 0, nil
		s.Unlock()
	case "/report":
		s.Lock()
		report(w, map[string]any{
			"events": s.events, "annotated": s.annotated, "seconds": s.last.Sub(s.first).Seconds(),
			"p50_ms": s.taken.at(0.5), "p99_ms": s.taken.at(0.99),
		})
		s.Unlock()
	default:
		io.Copy(io.Discard, r.Body)
		s.take(r.Header)
	}
}

func (s *sink) take(header http.Header) {
	now := time.Now()
	occurred, err := time.Parse(time.RFC3339Nano, header.Get("Ce-Time"))
	s.Lock()
	defer s.Unlock()
	if s.events == 0 {
		s.first = now
	}
	s.last = now
	s.events++
	if header.Get("Ce-Annotations") == s.expected {
		s.annotated++
	}
	if err == nil {
		s.taken = append(s.taken, now.Sub(occurred))
	}
}

// api answers each request with one object after a delay.
func api(object []byte, delay time.Duration) http.Handler {
	var asked atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("/count", func(w http.ResponseWriter, _ *http.Request) { report(w, asked.Load()) })
	mux.HandleFunc("/apis/", func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		time.Sleep(delay)
		w.Header().Set("Content-Type", "application/json")
		w.Write(object)
	})
	return mux
}

func model(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"predictions":[1]}`)
}

// load sends requests over some connections, at a rate per second or, if that is 0, as fast as they are answered.
// Latency counts from the time at which a request was due.
func load(url string, requests, connections int, rate float64) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	body := `{"instances":[[6.8,2.8,4.8,1.4]]}`
	var next, failed atomic.Int64
	var group sync.WaitGroup
	var mutex sync.Mutex
	var taken latencies
	start := time.Now()
	for range make([]struct{}, connections) {
		group.Add(1)
		go func() {
			defer group.Done()
			for number := next.Add(1); number <= int64(requests); number = next.Add(1) {
				due := time.Now()
				if rate > 0 {
					due = start.Add(time.Duration(float64(number) / rate * float64(time.Second)))
					time.Sleep(time.Until(due))
				}
				answer, err := client.Post(url, "application/json", strings.NewReader(body))
				if err == nil {
					io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
				}
				if err != nil || answer.StatusCode != http.StatusOK {
					failed.Add(1)
				}
				mutex.Lock()
				taken = append(taken, time.Since(due))
				mutex.Unlock()
			}
		}()
	}
	group.Wait()
	report(os.Stdout, map[string]any{
		"requests": requests, "failed": failed.Load(), "seconds": time.Since(start).Seconds(),
		"p50_ms": taken.at(0.5), "p99_ms": taken.at(0.99),
	})
}

func report(w io.Writer, value any) {
	if err := json.NewEncoder(w).Encode(value); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func main() {
	mode := flag.String("mode", "model", "model, sink, api or load")
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	expected := flag.String("expected", "", "the annotations that events of the sink should have")
	object := flag.String("object", "", "file with the object that the API server has")
	delay := flag.Duration("delay", 0, "time that the API server takes for an answer")
	url := flag.String("url", "", "URL to load")
	requests := flag.Int("requests", 1000, "number of requests of the load")
	connections := flag.Int("connections", 16, "number of connections of the load")
	rate := flag.Float64("rate", 0, "requests per second; 0 for as fast as they are answered")
	flag.Parse()
	var handler http.Handler = http.HandlerFunc(model)
	switch *mode {
	case "load":
		load(*url, *requests, *connections, *rate)
		return
	case "sink":
		handler = &sink{expected: *expected}
	case "api":
		data, err := os.ReadFile(*object)
		if err != nil {
			panic(err)
		}
		handler = api(data, *delay)
	}
	panic(http.ListenAndServe(*listen, handler))
}
