package check

import (
	"time"

	"rtmpwriter/rtmp"
)

// Result says how a step went.
type Result string

// The results.
const (
	OK      Result = "ok"
	Warning Result = "warning" // works, but look at it
	Failed  Result = "failed"
	Skipped Result = "skipped" // not needed, or not asked for
)

// Finding is what a step showed.
type Finding struct {
	// Step is "resolve", "tcp", "proxy", "tls", "tunnel", "handshake",
	// "authentication", "connect", "createStream", "publish", "round trip",
	// "throughput" or "close".
	Step   string `json:"step"`
	Result Result `json:"result"`
	// Took is 0 where a time makes no sense.
	Took time.Duration `json:"took_ns,omitempty"`
	// Detail is one line for people.
	Detail string `json:"detail,omitempty"`
	// Error is why it failed, Advice what to do about it.
	Error  string `json:"error,omitempty"`
	Advice string `json:"advice,omitempty"`
}

// Report is what a check found. Nothing in it is secret.
type Report struct {
	URL       string    `json:"url"` // masked
	App       string    `json:"app"` // masked
	StreamKey string    `json:"stream_key"`
	Steps     []Finding `json:"steps"`
	// RoundTrip is the quickest answer seen, of TCP where it can be measured.
	RoundTrip time.Duration `json:"round_trip_ns,omitempty"`
	// Throughput is in bits/s, 0 when it was not measured.
	Throughput int64 `json:"throughput_bits_per_second,omitempty"`
	// Server is what the server said of itself in answer to connect.
	Server map[string]any `json:"server,omitempty"`
	// TLS describes the connection and the server's certificates.
	TLS *TLSReport `json:"tls,omitempty"`
	OK  bool       `json:"ok"`
	// Err is the first failure.
	Err error `json:"-"`
}

// TLSReport describes a TLS connection.
type TLSReport struct {
	Version     string        `json:"version"`
	CipherSuite string        `json:"cipher_suite"`
	Verified    bool          `json:"verified"`
	Chain       []Certificate `json:"chain"`
}

// Certificate is one of the server's chain, its own first.
type Certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"names,omitempty"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
}

// fail adds a step that failed; the first failure is the report's.
func (r *Report) fail(step string, took time.Duration, err error) {
	r.add(Finding{Step: step, Result: Failed, Took: took, Error: err.Error(), Advice: advice(step, err)})
	if r.Err == nil {
		r.Err = err
	}
}

func (r *Report) add(f Finding) { r.Steps = append(r.Steps, f) }

// has tells whether a step is in the report.
func (r *Report) has(step string) bool {
	for _, f := range r.Steps {
		if f.Step == step {
			return true
		}
	}
	return false
}

// quick notes an answer's time.
func (r *Report) quick(d time.Duration) {
	if r.RoundTrip == 0 || d < r.RoundTrip {
		r.RoundTrip = d
	}
}

func newReport(u *rtmp.URL) *Report {
	r := &Report{URL: u.String(), App: u.ShownApp()}
	if u.StreamKey() != "" {
		r.StreamKey = "****"
	}
	return r
}
