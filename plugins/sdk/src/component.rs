//! From a trait to a component.

/// Makes a component of an implementation of [`Rules`](crate::Rules), or of one that implements [`Notices`](crate::Notices) too. Both
/// read the same settings; what the plugin is called is said by its rules.
#[macro_export]
macro_rules! plugin {
    ($rules:ty) => {
        struct Component;
        $crate::__about!($rules as Rules);
        $crate::__scoring!($rules);
    };
    (rules: $rules:ty, notices: $notices:ty) => {
        struct Component;
        $crate::__about!($rules as Rules, $notices as Notices);
        $crate::__scoring!($rules);
        $crate::__noticing!($notices);
    };
}

/// Makes a component of an implementation of [`Notices`](crate::Notices).
#[macro_export]
macro_rules! notifier {
    ($notices:ty) => {
        struct Component;
        $crate::__about!($notices as Notices);
        $crate::__noticing!($notices);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __about {
    ($first:ty as $of:ident $(, $next:ty as $too:ident)?) => {
        impl $crate::about::Guest for Component {
            fn describe() -> $crate::Description {
                use $crate::$of as It;
                $crate::describe(
                    <$first as It>::NAME,
                    <$first as It>::VERSION,
                    <$first as It>::SUMMARY,
                    <$first as It>::SETTINGS,
                )
            }

            fn check_config(settings: String) -> Vec<$crate::Problem> {
                let problems = $crate::check_config(&settings, <$first as $crate::$of>::problems);
                $(
                    if problems.is_empty() {
                        return $crate::check_config(&settings, <$next as $crate::$too>::problems);
                    }
                )?
                problems
            }
        }

        $crate::part::export!(Component with_types_in $crate::part);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __scoring {
    ($rules:ty) => {
        impl $crate::scoring::Guest for Component {
            fn adjust(
                question: $crate::Question,
                settings: String,
            ) -> Result<Vec<$crate::Adjustment>, String> {
                <$rules as $crate::Rules>::adjust(&question, &$crate::read(&settings)?)
            }

            fn prioritise(
                joining: $crate::Joining,
                settings: String,
            ) -> Result<Option<$crate::Priority>, String> {
                <$rules as $crate::Rules>::prioritise(&joining, &$crate::read(&settings)?)
            }
        }

        $crate::scores::export!(Component with_types_in $crate::scores);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __noticing {
    ($notices:ty) => {
        impl $crate::noticing::Guest for Component {
            fn advise(
                question: $crate::noticing::Question,
                settings: String,
            ) -> Result<Vec<$crate::Advice>, String> {
                <$notices as $crate::Notices>::advise(&question, &$crate::read(&settings)?)
            }
        }

        $crate::tells::export!(Component with_types_in $crate::tells);
    };
}
