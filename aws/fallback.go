package aws

import (
	"context"
	"errors"
)

// regions are the exchange's and those to fall back to, in turn. Where it names none, the first that suits counts.
func (e *Exchange) regions(partition string, ambient ...string) ([]string, error) {
	region, _, err := ChooseRegion(partition, e.Region, ambient...)
	if err != nil {
		return nil, err
	}
	regions := []string{region}
	for _, other := range e.Fallback {
		if other, _, err = ChooseRegion(partition, other); err != nil {
			return nil, err
		}
		regions = append(regions, other)
	}
	return regions, nil
}

// inTurn asks the STS of one region after the other, as long as none can be reached.
func inTurn[T any](ctx context.Context, e *Exchange, regions []string, ask func(at, host string) (T, error)) (answer T, err error) {
	for _, at := range regions {
		host, err2 := e.host(ctx, at)
		if err2 != nil {
			return answer, err2
		}
		answer, err = ask(at, host)
		if err == nil || !errors.As(err, new(*UnreachableError)) || ctx.Err() != nil {
			break
		}
	}
	return answer, err
}
