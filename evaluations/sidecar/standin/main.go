// A stand-in with the architecture of KServe's agent, of its own code: a reverse proxy in which the logger reads the
// bodies, a queue of 100 whose events get a goroutine each, five workers, a new SDK client per event, a log line each.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	ce "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"
	"go.uber.org/zap"
)

const workers = 5

var annotations = map[string]string{"example.com/team": "red", "example.com/version": "3"}

type event struct {
	id, kind, contentType string
	body                  []byte
	occurred              time.Time
}

type logger struct {
	sink  string
	queue chan event
	idle  chan chan event
	log   *zap.SugaredLogger
}

func newLogger(sink string) *logger {
	production, err := zap.NewProduction()
	check(err)
	l := &logger{sink, make(chan event, 100), make(chan chan event, workers), production.Sugar()}
	for i := 0; i < workers; i++ {
		go l.work(make(chan event))
	}
	go l.dispatch()
	return l
}

func (l *logger) dispatch() {
	for e := range l.queue {
		go func() { work := <-l.idle; work <- e }()
	}
}

func (l *logger) work(work chan event) {
	for {
		l.idle <- work
		e := <-work
		l.log.Infof("Received work request, requestId: %s", e.id)
		l.send(e)
	}
}

func (l *logger) send(e event) {
	transport, err := ce.NewHTTP(ce.WithTarget(l.sink))
	check(err)
	client, err := ce.NewClient(transport)
	check(err)
	sent := ce.NewEvent(ce.VersionV1)
	sent.SetID(e.id)
	sent.SetType(e.kind)
	sent.SetTime(e.occurred)
	sent.SetSource("http://localhost:9081/")
	metadata, _ := json.Marshal(map[string][]string{})
	marshalled, _ := json.Marshal(annotations)
	for name, value := range map[string]any{
		"recordedtime": time.Now(), "inferenceservicename": "iris", "namespace": "research", "component": "predictor",
		"endpoint": "", "metadata": string(metadata), "annotations": string(marshalled),
	} {
		sent.SetExtension(name, value)
	}
	check(sent.SetData(e.contentType, e.body))
	if result := client.Send(ce.WithEncodingBinary(context.Background()), sent); ce.IsUndelivered(result) {
		l.log.Errorf("Failed %v", result)
	} else {
		l.log.Infof("Sent %v", result)
	}
}

// recorder keeps a copy of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) { r.status = status; r.ResponseWriter.WriteHeader(status) }

func (r *recorder) Write(data []byte) (int, error) {
	r.body.Write(data)
	return r.ResponseWriter.Write(data)
}

func (r *recorder) Flush() { r.ResponseWriter.(http.Flusher).Flush() }

func (l *logger) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		occurred, id, contentType := time.Now(), uuid.New().String(), r.Header.Get("Content-Type")
		body, _ := io.ReadAll(r.Body)
		l.queue <- event{id, "org.kubeflow.serving.inference.request", contentType, body, occurred}
		r.Body = io.NopCloser(bytes.NewBuffer(body))
		answer := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		if answer.status == http.StatusOK {
			l.queue <- event{id, "org.kubeflow.serving.inference.response", contentType, answer.body.Bytes(), time.Now()}
		}
	})
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:9081", "address to listen on")
	model := flag.String("model", "http://127.0.0.1:8080", "URL of the model")
	sink := flag.String("log-url", "", "URL of the sink; empty for no logger")
	flag.Parse()
	target, err := url.Parse(*model)
	check(err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{MaxIdleConns: 1000, MaxIdleConnsPerHost: 1000}
	proxy.FlushInterval = 20 * time.Millisecond
	var handler http.Handler = proxy
	if *sink != "" {
		handler = newLogger(*sink).wrap(proxy)
	}
	check(http.ListenAndServe(*listen, handler))
}
