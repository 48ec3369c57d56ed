// The agent's way from a client to the model: Knative's server, a logger that reads as KServe's does and sends
// nothing, KServe's batcher if it is asked for, and Go's reverse proxy with Knative's transport.
package main

import (
	"bytes"
	"flag"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/kserve/kserve/pkg/batcher"
	"go.uber.org/zap"
	"knative.dev/pkg/network"
	"knative.dev/pkg/network/handlers"
)

// writer hides, as the logger's own does, that the connection can be taken over.
type writer struct{ http.ResponseWriter }

func (w writer) Flush() { w.ResponseWriter.(http.Flusher).Flush() }

func main() {
	listen := flag.String("listen", "", "address of the agent")
	model := flag.String("model", "", "URL of the model")
	size := flag.Int("batch", 0, "instances of a batch; 0 for no batcher")
	flag.Parse()
	log.SetOutput(io.Discard)
	target, err := url.Parse(*model)
	if err != nil {
		panic(err)
	}
	quiet := zap.NewNop().Sugar()
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = network.NewAutoTransport(1000, 1000)
	proxy.ErrorHandler = handlers.Error(quiet)
	proxy.FlushInterval = -1
	var next http.Handler = proxy
	if *size > 0 {
		next = batcher.New(*size, 50, next, quiet)
	}
	logger := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "can't read body", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewBuffer(body))
		next.ServeHTTP(writer{w}, r)
	})
	panic(network.NewServer(*listen, logger).ListenAndServe())
}
