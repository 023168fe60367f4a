package check

import (
	"slices"
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
	// RoundTrip is the quickest answer seen: of TCP or to a command, through a
	// proxy or a tunnel, which answer TCP themselves, to a command. 0 when
	// publishing was not accepted.
	RoundTrip time.Duration `json:"round_trip_ns,omitempty"`
	// Throughput is in bits/s, 0 when it was not measured. No more than 200
	// Mbit/s are sent: near that, the server may take more.
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

// fail adds a step that failed; the first failure is the report's. What was
// well in the same step before has come to nothing: a round of authentication,
// TLS before it refused our certificate, a go-ahead that was taken back.
// Names and addresses stand for themselves.
func (r *Report) fail(step string, took time.Duration, err error) {
	if step != stepResolve && step != stepTCP {
		r.Steps = slices.DeleteFunc(r.Steps, func(f Finding) bool { return f.Step == step && f.Result == OK })
	}
	r.add(Finding{Step: step, Result: Failed, Took: took, Error: err.Error(), Advice: advice(step, err)})
	if r.Err == nil {
		r.Err = err
	}
}

func (r *Report) add(f Finding) { r.Steps = append(r.Steps, f) }

// has tells whether a step is in the report.
func (r *Report) has(step string) bool {
	return slices.ContainsFunc(r.Steps, func(f Finding) bool { return f.Step == step })
}

// went tells whether a step is in the report that worked.
func (r *Report) went(step string) bool {
	return slices.ContainsFunc(r.Steps, func(f Finding) bool { return f.Step == step && (f.Result == OK || f.Result == Warning) })
}

func newReport(u *rtmp.URL) *Report {
	r := &Report{URL: u.String(), App: u.ShownApp()}
	if u.StreamKey() != "" {
		r.StreamKey = "****"
	}
	return r
}
