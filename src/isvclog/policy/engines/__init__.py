"""The engines that run the policies, a module for each kind of object that they take."""
