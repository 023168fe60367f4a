module rtmpwriter/interop

go 1.26

require (
	github.com/bluenviron/gortmplib v0.1.0
	github.com/stretchr/testify v1.11.1
	golang.org/x/sys v0.38.0
	rtmpwriter v0.0.0
)

require (
	github.com/abema/go-mp4 v1.4.1 // indirect
	github.com/asticode/go-astikit v0.30.0 // indirect
	github.com/asticode/go-astits v1.15.0 // indirect
	github.com/bluenviron/gortsplib/v5 v5.0.0 // indirect
	github.com/bluenviron/mediacommon/v2 v2.7.1 // indirect
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/hashicorp/errwrap v1.1.0 // indirect
	github.com/hashicorp/go-multierror v1.1.0 // indirect
	github.com/mitchellh/mapstructure v1.4.1 // indirect
	github.com/pion/randutil v0.1.0 // indirect
	github.com/pion/rtp v1.8.22 // indirect
	github.com/pion/sdp/v3 v3.0.16 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	github.com/q191201771/lal v0.37.4 // indirect
	github.com/q191201771/naza v0.30.48 // indirect
	github.com/sirupsen/logrus v1.7.0 // indirect
	github.com/yutopp/go-amf0 v0.1.0 // indirect
	github.com/yutopp/go-rtmp v0.0.7 // indirect
	golang.org/x/net v0.44.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace rtmpwriter => ../

tool github.com/q191201771/lal/app/lalserver
